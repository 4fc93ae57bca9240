package io.ottla.console.scram;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the pages of SCRAM users are made of. */
@Configuration(proxyBeanMethods = false)
@Import(UsersController.class)
public class ScramConfiguration {}
