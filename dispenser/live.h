/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a dispenser in real time until it is told to stop. */
#ifndef RW_DISPENSER_LIVE_H
#define RW_DISPENSER_LIVE_H

#include <signal.h>
#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/net/enrol.h"
#include "dispenser/device.h"

#define LIVE_REST_MS_MIN 1000 /* after the first failure */
#define LIVE_REST_MS_MAX                                                 \
    60000 /* after many; half of it is drawn by lot, so that a street of \
           * dispensers does not come back in one second */

/* Listens, downloads what is pushed, watches the clock once a second and its certificate once a
 * day. False only when the disk fails: a network that is gone is no reason to stop. `stop` is set
 * by a signal handler. */
RW_MUST_USE bool live_run(struct device *device, const struct enrol_identity *identity,
                          const volatile sig_atomic_t *stop, struct rw_error *err);

#endif
