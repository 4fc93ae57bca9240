package io.ottla.console.security;

import io.ottla.console.access.Grant;
import io.ottla.console.people.GrantSetting;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A directory that knows people and their groups.
 *
 * @param url {@code console.ldap.url}: {@code ldaps://host:636/dc=example,dc=net}; empty for none
 * @param userDnPattern {@code console.ldap.user-dn-pattern}: such as {@code uid={0},ou=people}; empty where people are searched for
 * @param userSearchBase {@code console.ldap.user-search-base}: below which they are
 * @param userSearchFilter {@code console.ldap.user-search-filter}: {@code {0}} stands for the name
 * @param managerDn {@code console.ldap.manager-dn}: who searches; empty for anybody
 * @param managerPassword {@code console.ldap.manager-password}
 * @param groupSearchBase {@code console.ldap.group-search-base}: below which groups are
 * @param groupSearchFilter {@code console.ldap.group-search-filter}: {@code {0}} stands for the person's DN, {@code {1}} for the name
 * @param groupAttribute {@code console.ldap.group-attribute}: that names a group
 * @param grants {@code console.ldap.grants.GROUP.*}: what its members may
 */
@ConfigurationProperties("console.ldap")
public record LdapProperties(
        @DefaultValue("") String url,
        @DefaultValue("") String userDnPattern,
        @DefaultValue("") String userSearchBase,
        @DefaultValue("(uid={0})") String userSearchFilter,
        @DefaultValue("") String managerDn,
        @DefaultValue("") String managerPassword,
        @DefaultValue("") String groupSearchBase,
        @DefaultValue("(member={0})") String groupSearchFilter,
        @DefaultValue("cn") String groupAttribute,
        Map<String, GrantSetting> grants) {
    public LdapProperties {
        grants = grants == null ? Map.of() : Map.copyOf(grants);
        if (!url.isEmpty() && !url.startsWith("ldap://") && !url.startsWith("ldaps://")) {
            throw new IllegalArgumentException(
                    "console.ldap.url: Expected ldap://host:389/… or ldaps://host:636/…, but got '" + url + "'.");
        }
        if (!url.isEmpty() && grants.isEmpty()) {
            throw new IllegalArgumentException(
                    "console.ldap.grants: Expected at least one group that may something, as console.ldap.grants.GROUP.role=viewer.");
        }
    }

    boolean isSet() {
        return !url.isEmpty();
    }

    /** By the name of the group. */
    Map<String, Grant> byGroup() {
        Map<String, Grant> byGroup = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        grants.forEach((group, setting) -> byGroup.put(group, setting.grant("console.ldap.grants." + group)));
        return byGroup;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "LdapProperties[url=" + url + "]";
    }
}
