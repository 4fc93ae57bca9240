/**
 * One replica's log on disk: segments, indexes, producer states, leader epochs, recovery, cleaning, retention, log
 * folders.
 *
 * <p>Owner thread: a log is written under its partition's lock; recovery, cleaning, flushing run on pools that the
 * builder gives.
 *
 * <p>May import (row 9): the rooms of the rows above its own, which end with {@code quota}.
 */
package io.ottla.storage;
