// SPDX-License-Identifier: Apache-2.0
/**
 * For the tests of programs that use Kith: what a test must not leave behind, and what a transport
 * of one's own must do. In the library's test-jar; see docs/testing.md.
 */
package dev.kith.test;
