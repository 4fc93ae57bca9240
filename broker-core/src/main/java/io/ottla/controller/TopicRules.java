package io.ottla.controller;

import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;

/** What new topics and partitions are held to. */
record TopicRules(
        TopicDefaults defaults, ControllerProperties properties, ConfigValidator configs, Policies policies) {}
