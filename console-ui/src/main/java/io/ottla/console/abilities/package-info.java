/**
 * What the clusters can do of what not every cluster can: access rules, quotas, SCRAM users, transactions. The head of the
 * pages leads to what is there; a page of what is not says so.
 *
 * <p>Owner thread: any.
 *
 * <p>May import: Kafka's Admin client, Spring; of the console {@code access}, {@code clusters}, {@code pages} and {@code words}.
 */
package io.ottla.console.abilities;
