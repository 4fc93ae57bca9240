/**
 * The meters, and the names under which they are seen from outside.
 *
 * <p>Owner thread: any: meters may be touched from every thread.
 *
 * <p>May import (row 2): {@code types}.
 */
package io.ottla.metrics;
