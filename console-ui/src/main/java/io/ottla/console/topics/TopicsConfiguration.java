package io.ottla.console.topics;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The screens of the topics. */
@Configuration(proxyBeanMethods = false)
@Import({TopicsController.class, TopicController.class})
public class TopicsConfiguration {}
