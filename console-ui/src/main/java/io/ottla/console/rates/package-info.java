/**
 * How busy brokers and topics are at the moment: rates out of two looks at what brokers count.
 *
 * <p>Owner thread: any; the calls block, so they belong on virtual threads.
 *
 * <p>May import: of the console {@code clusters}.
 */
package io.ottla.console.rates;
