/**
 * Ports to other brokers and to the controller. No implementation lives here.
 *
 * <p>Owner thread: stated by each port.
 *
 * <p>May import (row 7): the rooms of the rows above its own, which end with {@code metadata}.
 */
package io.ottla.peer;
