/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that no exception leaves the door to OpenCV. */
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>

extern "C" {
#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/vision.h"
#include "verifier/vision_plane.h"
#include "verifier/vision_shapes.h"
}

namespace
{

template <typename Thrown> struct rw_error caught(const Thrown &thrown)
{
    struct rw_error err = {};
    try {
        throw thrown;
    } catch (...) {
        assert_false(vision_caught(&err));
    }
    return err;
}

void whatever_is_thrown_becomes_an_error(void **)
{
    assert_int_equal(caught(std::bad_alloc()).code, RW_NO_MEMORY);
    const struct rw_error told = caught(std::runtime_error("a reason"));
    assert_int_equal(told.code, RW_BUG);
    assert_string_equal(told.text, "the picture library failed: a reason");
    assert_int_equal(caught(1).code, RW_BUG);
}

/* OpenCV throws where it is asked for what it cannot do. */
void what_cannot_be_done_is_an_error(void **)
{
    struct picture picture = {};
    struct picture other = {};
    struct rw_error err = {};
    assert_true(picture_make(arena, 20, 20, &picture, nullptr));
    assert_false(vision_blur(&picture, 0, arena, &other, &err));
    assert_int_equal(err.code, RW_UNREADABLE);

    const struct vision_plane_pair pairs[3] = {};
    float plane[9];
    size_t agree = 0;
    err = {};
    assert_false(vision_plane_fit(pairs, 3, 1, plane, &agree, &err));
    assert_int_equal(err.code, RW_UNREADABLE);

    const struct vision_hulls how = { 0, 1 };
    struct vision_segment segments[1];
    struct vision_segments edges = { segments, 0 };
    err = {};
    assert_false(vision_shapes_hulls(&picture, &how, &edges, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
    assert_int_equal(edges.count, 0);
}

} // namespace

int main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whatever_is_thrown_becomes_an_error, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(what_cannot_be_done_is_an_error, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
