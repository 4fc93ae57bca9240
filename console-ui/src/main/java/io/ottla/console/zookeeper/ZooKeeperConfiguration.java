package io.ottla.console.zookeeper;

import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.pages.Section;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the ZooKeeper's pages are made of. */
@Configuration(proxyBeanMethods = false)
public class ZooKeeperConfiguration {
    @Bean
    ZooKeeperController zooKeeperController(ObjectProvider<ZooKeeperPort> port) {
        return new ZooKeeperController(Optional.ofNullable(port.getIfAvailable()));
    }

    @Bean
    Section zooKeeperSection(ZooKeeperController pages) {
        return new Section("zookeeper", "/zookeeper", 90, pages::hasOne);
    }
}
