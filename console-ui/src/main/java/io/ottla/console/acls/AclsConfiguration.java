package io.ottla.console.acls;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the pages of access rules are made of. */
@Configuration(proxyBeanMethods = false)
@Import({AclsController.class, NewAclsController.class})
public class AclsConfiguration {}
