/* SPDX-License-Identifier: Apache-2.0 */
/* Walks through JSON text, value after value; the door to RapidJSON. */
#include <cstdint>
#include <cstring>

#include <rapidjson/reader.h>

extern "C" {
#include "core/json/json_scan.h"
}

/* RapidJSON leaves a text that has no escape so far in its place, and may be helped over it: here
 * eight bytes at a time. Its own way of doing so, by SSE2, takes 0x1A to 0x1F for text. A byte that
 * is below a space, or zero after the quote or the backslash was taken from it by XOR, has its
 * highest bit set by the subtraction. A byte beyond ASCII had it before and is passed over; what
 * borrowed from a lower byte stands behind the one that is found. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
template <>
template <>
inline void rapidjson::GenericReader<
    rapidjson::UTF8<>, rapidjson::UTF8<>,
    rapidjson::CrtAllocator>::ScanCopyUnescapedString(rapidjson::InsituStringStream &from,
                                                      rapidjson::InsituStringStream &)
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = ones << 7U;
    if (from.src_ != from.dst_)
        return;
    char *at = from.src_;
    for (std::uint64_t found = 0; found == 0;) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        const std::uint64_t quote = word ^ ones * '"';
        const std::uint64_t slash = word ^ ones * '\\';
        found = ((word - ones * ' ') | (quote - ones) | (slash - ones)) & ~word & tops;
        at += found == 0 ? sizeof word : static_cast<unsigned>(__builtin_ctzll(found)) / 8U;
    }
    from.src_ = from.dst_ = at;
}
#endif

namespace
{

/* Hands what RapidJSON finds to the listener. */
class Handler
{
  public:
    explicit Handler(const json_listener *to) noexcept : listener(to)
    {
    }
    bool Null() noexcept
    {
        return listener->nothing(listener->self);
    }
    bool Bool(bool truth) noexcept
    {
        return listener->truth(listener->self, truth);
    }
    bool RawNumber(const char *digits, rapidjson::SizeType length, bool /*copy*/) noexcept
    {
        return listener->number(listener->self, digits, length);
    }
    bool String(const char *text, rapidjson::SizeType length, bool /*copy*/) noexcept
    {
        return listener->text(listener->self, text, length);
    }
    bool Key(const char *text, rapidjson::SizeType length, bool /*copy*/) noexcept
    {
        return listener->name(listener->self, text, length);
    }
    bool StartObject() noexcept
    {
        return listener->open(listener->self, true);
    }
    bool StartArray() noexcept
    {
        return listener->open(listener->self, false);
    }
    bool EndObject(rapidjson::SizeType /*count*/) noexcept
    {
        return listener->close(listener->self);
    }
    bool EndArray(rapidjson::SizeType /*count*/) noexcept
    {
        return listener->close(listener->self);
    }
    /* Numbers arrive as they were written: these are part of the interface, and never called. */
    bool Int(int /*number*/) noexcept
    {
        return false;
    }
    bool Uint(unsigned /*number*/) noexcept
    {
        return false;
    }
    bool Int64(int64_t /*number*/) noexcept
    {
        return false;
    }
    bool Uint64(uint64_t /*number*/) noexcept
    {
        return false;
    }
    bool Double(double /*number*/) noexcept
    {
        return false;
    }

  private:
    const json_listener *listener;
};

const char *sentence_of(rapidjson::ParseErrorCode code) noexcept
{
    switch (code) {
    case rapidjson::kParseErrorTermination:
        return nullptr;
    case rapidjson::kParseErrorDocumentEmpty:
        return "no value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
        return "more behind the end of the value";
    case rapidjson::kParseErrorObjectMissName:
        return "no name of a member";
    case rapidjson::kParseErrorObjectMissColon:
        return "no colon behind the name of a member";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
        return "no comma and no end of the object or list";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
        return "an escape without its four hex digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
        return "half of a surrogate pair";
    case rapidjson::kParseErrorStringEscapeInvalid:
        return "an escape that JSON does not have";
    case rapidjson::kParseErrorStringMissQuotationMark:
        return "a text without its end";
    case rapidjson::kParseErrorStringInvalidEncoding:
        return "a control character in a text";
    case rapidjson::kParseErrorNumberTooBig:
        return "a number out of range";
    case rapidjson::kParseErrorNone:
    case rapidjson::kParseErrorValueInvalid:
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent:
    case rapidjson::kParseErrorUnspecificSyntaxError:
        break;
    }
    return "no value";
}

} /* namespace */

/* RapidJSON throws nothing. It goes down a step of its own for each object and list within another,
 * as deep as the listener lets it: an `open` that is refused ends the walk. It takes a NUL for the
 * end, so that one before the end of the text is found here. */
extern "C" bool json_scan(char *bytes, size_t length, const struct json_listener *listener,
                          struct json_scan_fault *ret_fault)
{
    constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
    rapidjson::Reader reader;
    rapidjson::InsituStringStream stream(bytes);
    Handler handler(listener);
    const rapidjson::ParseResult result = reader.Parse<flags>(stream, handler);
    if (!result.IsError() && stream.Tell() == length)
        return true;
    *ret_fault = result.IsError()
                     ? json_scan_fault{ result.Offset(), sentence_of(result.Code()) }
                     : json_scan_fault{ stream.Tell(), "more behind the end of the value" };
    return false;
}
