package io.ottla.console.quotas;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the pages of quotas are made of. */
@Configuration(proxyBeanMethods = false)
@Import(QuotasController.class)
public class QuotasConfiguration {}
