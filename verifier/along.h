/* SPDX-License-Identifier: Apache-2.0 */
/* Puts what frames show in the order in which the film passes. */
#ifndef RW_VERIFIER_ALONG_H
#define RW_VERIFIER_ALONG_H

#include <stddef.h>

#include "verifier/sequence.h"

/* Frame by frame, and within each as the frames do: places that fall from bag to bag where the
 * frames rise are turned round. */
void along_sort(struct sequence_sighting *sightings, size_t count);

#endif
