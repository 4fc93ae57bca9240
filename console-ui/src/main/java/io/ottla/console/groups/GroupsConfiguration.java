package io.ottla.console.groups;

import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.lag.LagLifecycle;
import io.ottla.console.lag.LagLoad;
import io.ottla.console.lag.LagSettings;
import io.ottla.console.lag.LagWatches;
import io.ottla.console.pages.Section;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What the groups' pages are made of, and what collects their lag. */
@Configuration(proxyBeanMethods = false)
public class GroupsConfiguration implements WebMvcConfigurer {
    private static final InstantSource CLOCK = InstantSource.system();

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new GroupAddress());
    }

    @Bean
    Section groupsSection() {
        return Section.of("groups", "/groups", 30);
    }

    @Bean
    LagLoad lagLoad() {
        return new LagLoad();
    }

    /** Closed by {@link LagLifecycle}, in its time. */
    @Bean(destroyMethod = "")
    LagWatches lagWatches(Clusters clusters, LagSettings settings, LagLoad load) {
        return new LagWatches(clusters, settings, GroupDescriber::members, load, CLOCK);
    }

    @Bean
    LagLifecycle lagLifecycle(
            Clusters clusters,
            ObjectProvider<BesideBroker> broker,
            LagSettings settings,
            LagLoad load,
            LagWatches watches) {
        return new LagLifecycle(
                clusters, broker.getIfAvailable(), settings, GroupDescriber::members, load, watches, CLOCK);
    }

    @Bean
    GroupsController groupsController(LagWatches watches) {
        return new GroupsController(watches, CLOCK);
    }

    @Bean
    GroupController groupController(LagWatches watches) {
        return new GroupController(watches, CLOCK);
    }

    @Bean
    GroupChangesController groupChangesController() {
        return new GroupChangesController(CLOCK);
    }
}
