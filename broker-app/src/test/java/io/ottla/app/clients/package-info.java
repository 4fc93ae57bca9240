/**
 * The broker as foreign clients see it: releases of kafka-clients old and new, librdkafka, and the clients of Python, each
 * in a process of its own.
 */
package io.ottla.app.clients;
