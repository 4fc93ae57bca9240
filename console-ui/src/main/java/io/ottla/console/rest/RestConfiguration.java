package io.ottla.console.rest;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.ObjectMapper;

/** The API for programs. */
@Configuration(proxyBeanMethods = false)
@Import({
    ClustersResource.class,
    ConfigsResource.class,
    OpenApiResource.class,
    TopicsResource.class,
    ReplicasResource.class,
    ReassignmentsResource.class,
    ReassignmentPlanResource.class,
    LogDirsResource.class,
    BrokerRemovalResource.class
})
public class RestConfiguration {
    @Bean
    ApiErrors apiErrors(ObjectMapper json) {
        return new ApiErrors(json);
    }
}
