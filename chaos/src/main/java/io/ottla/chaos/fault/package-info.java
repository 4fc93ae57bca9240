/** What is done to the cluster: each kind of fault, how it is seen to be in effect, and how it is taken back. */
package io.ottla.chaos.fault;
