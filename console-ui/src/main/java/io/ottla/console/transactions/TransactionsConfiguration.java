package io.ottla.console.transactions;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the pages of transactions are made of. */
@Configuration(proxyBeanMethods = false)
@Import({TransactionsController.class, HangingController.class})
public class TransactionsConfiguration {}
