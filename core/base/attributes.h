/* SPDX-License-Identifier: Apache-2.0 */
/* Names the compiler attributes that the program uses. */
#ifndef RW_CORE_BASE_ATTRIBUTES_H
#define RW_CORE_BASE_ATTRIBUTES_H

#define RW_MUST_USE __attribute__((warn_unused_result))
#define RW_NO_INLINE __attribute__((noinline))
#define RW_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* Compiled a second time for processors with vectors of 256 bits; the program takes what its
 * machine has. The answers are the same, as sums keep their order. Sanitizers cannot live with the
 * choice. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define RW_WIDE __attribute__((target_clones("default", "avx2")))
#else
#define RW_WIDE
#endif

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

/* A loop over a row that its caller has read over (rw_arena_read_over): sanitizers look at the
 * row once and not at each pixel of it, which takes ten times as long. Its sums are bounded. */
#ifdef RW_ADDRESS_SANITIZER
#define RW_UNWATCHED __attribute__((noinline, no_sanitize("address", "undefined")))
#else
#define RW_UNWATCHED
#endif

#endif
