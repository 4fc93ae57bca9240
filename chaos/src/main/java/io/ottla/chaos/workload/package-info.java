/** Real clients that write and read, and take down what they did and were told. */
package io.ottla.chaos.workload;
