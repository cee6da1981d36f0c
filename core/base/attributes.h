/* SPDX-License-Identifier: Apache-2.0 */
/* Names the compiler attributes that the program uses. */
#ifndef RW_CORE_BASE_ATTRIBUTES_H
#define RW_CORE_BASE_ATTRIBUTES_H

#define RW_MUST_USE __attribute__((warn_unused_result))
#define RW_NO_INLINE __attribute__((noinline))
#define RW_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* The number of elements of an array whose size the compiler knows. */
#define RW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whether the address sanitizer is at work: gcc says it by a macro, clang by a feature. */
#if defined(__SANITIZE_ADDRESS__)
#define RW_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RW_ADDRESS_SANITIZER
#endif
#endif

#endif
