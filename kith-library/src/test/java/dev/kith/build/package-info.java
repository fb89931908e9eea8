// SPDX-License-Identifier: Apache-2.0
/** Tests of the build: what the library as a whole promises, read from its compiled classes. */
package dev.kith.build;
