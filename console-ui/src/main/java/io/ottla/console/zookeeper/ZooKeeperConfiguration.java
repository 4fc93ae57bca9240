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
    ZooKeepers zooKeepers(ObjectProvider<ZooKeeperPort> port) {
        return new ZooKeepers(Optional.ofNullable(port.getIfAvailable()));
    }

    @Bean
    ZooKeeperController zooKeeperController(ZooKeepers zooKeepers) {
        return new ZooKeeperController(zooKeepers);
    }

    @Bean
    ZooKeeperResource zooKeeperResource(ZooKeepers zooKeepers) {
        return new ZooKeeperResource(zooKeepers);
    }

    @Bean
    Section zooKeeperSection(ZooKeepers zooKeepers) {
        return new Section("zookeeper", "/zookeeper", 90, zooKeepers::hasOne);
    }
}
