/**
 * The controller: placement, leader election, reassignment, and the port to the durable store of metadata.
 *
 * <p>Owner thread: the controller's single thread.
 *
 * <p>May import (row 11): the rooms of the rows above its own, which end with {@code replication}.
 */
package io.ottla.controller;
