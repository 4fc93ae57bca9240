/**
 * Record batches seen in place: iteration, validation, compression, conversion between the message formats.
 *
 * <p>Owner thread: the caller's; nothing here is shared between threads.
 *
 * <p>May import (row 3): {@code types}, {@code time}, {@code concurrent}, {@code metrics}.
 */
package io.ottla.record;
