/* SPDX-License-Identifier: Apache-2.0 */
/* Looks after the certificate of a dispenser. */
#ifndef RW_DISPENSER_CERTIFICATE_H
#define RW_DISPENSER_CERTIFICATE_H

#include "core/net/enrol.h"
#include "dispenser/device.h"

/* Asks for the next certificate when it is time, and says what came of it. One that cannot be
 * renewed today is good for some months more, and one that has ended is no reason to stop either:
 * what lies in the dispenser is handed out all the same. */
void certificate_tend(const struct enrol_identity *identity, struct device *device);

#endif
