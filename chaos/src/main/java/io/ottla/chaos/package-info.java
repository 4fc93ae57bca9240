/** The command: rounds of clients, faults and a judgement, and what came of them. */
package io.ottla.chaos;
