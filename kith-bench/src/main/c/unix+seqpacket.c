// SPDX-License-Identifier: Apache-2.0
/* A Unix socket that keeps message boundaries: unix(7). */
#define SOCKET_TYPE SOCK_SEQPACKET
#include "unix.c"
