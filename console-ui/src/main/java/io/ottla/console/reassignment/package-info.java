/**
 * The screens of moving replicas: how evenly topics lie, plans and their review, moves that run, throttles, elections of
 * leaders, moves between log folders; and the services below them, which the API shares. The arithmetic is {@code moves}'s.
 *
 * <p>Owner thread: those of the web server; {@link io.ottla.console.reassignment.PlanDriver} has one of its own.
 *
 * <p>May import: Spring, kafka-clients; of the console {@code access}, {@code clusters}, {@code moves}, {@code pages}, {@code state} and {@code words}.
 */
package io.ottla.console.reassignment;
