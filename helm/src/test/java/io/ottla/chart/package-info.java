/**
 * The chart in {@code helm/ottla}, as Helm renders it: what it refuses, whether its objects fit together and are
 * Kubernetes', and whether what the pods run forms a cluster.
 */
package io.ottla.chart;
