/* SPDX-License-Identifier: Apache-2.0 */
/* Brings each request to its route: who asks, may they, who answers. */
#ifndef RW_API_DISPATCH_H
#define RW_API_DISPATCH_H

#include "api/http.h"

struct service;

struct http_port dispatch_port(struct service *service);

#endif
