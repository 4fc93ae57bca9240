package io.ottla.console.settings;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the settings' pages are made of. */
@Configuration(proxyBeanMethods = false)
@Import({SettingController.class, LogLevelsController.class})
public class SettingsConfiguration {}
