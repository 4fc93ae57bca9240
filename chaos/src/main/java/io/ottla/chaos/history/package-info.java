/**
 * What clients did and what they were told, and which faults there were meanwhile: a list of events that can be written as
 * JSON lines and read back. Plain data; knows no broker, no client and no clock.
 */
package io.ottla.chaos.history;
