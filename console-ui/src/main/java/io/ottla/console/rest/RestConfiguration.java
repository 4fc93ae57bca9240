package io.ottla.console.rest;

import io.ottla.console.words.StrictJson;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.ObjectMapper;

/** The API for programs. */
@Configuration(proxyBeanMethods = false)
@Import({
    AclsResource.class,
    ApiPage.class,
    BrokerRemovalResource.class,
    ClustersResource.class,
    ConfigsResource.class,
    ConsumerGroupsResource.class,
    GroupsResource.class,
    LogDirsResource.class,
    OpenApiResource.class,
    QuotasResource.class,
    ReassignmentPlanResource.class,
    ReassignmentsResource.class,
    RecordDeletionResource.class,
    ReplicasResource.class,
    ScramUsersResource.class,
    TopicsResource.class,
    TransactionsResource.class
})
public class RestConfiguration {
    @Bean
    ApiErrors apiErrors(ObjectMapper json) {
        return new ApiErrors(json);
    }

    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return StrictJson::apply;
    }
}
