/**
 * Executors with an order, and the only place that makes threads.
 *
 * <p>Owner thread: none of its own; see each executor.
 *
 * <p>May import (row 2): {@code types}.
 */
package io.ottla.concurrent;
