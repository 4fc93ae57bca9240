package io.ottla.console.security;

import io.ottla.console.access.Grant;
import io.ottla.console.people.Login;
import io.ottla.console.people.Person;
import io.ottla.console.people.Person.Origin;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.ldap.DefaultSpringSecurityContextSource;
import org.springframework.security.ldap.authentication.BindAuthenticator;
import org.springframework.security.ldap.authentication.LdapAuthenticationProvider;
import org.springframework.security.ldap.search.FilterBasedLdapUserSearch;
import org.springframework.security.ldap.userdetails.DefaultLdapAuthoritiesPopulator;

/** Asks an LDAP server: binds as the person, and looks for the groups that he is in. Thread-safe. */
final class LdapDirectory implements Directory {
    private static final Logger log = LoggerFactory.getLogger(LdapDirectory.class);

    private static final Map<String, Object> TIMEOUTS =
            Map.of("com.sun.jndi.ldap.connect.timeout", "3000", "com.sun.jndi.ldap.read.timeout", "5000");

    private final LdapAuthenticationProvider provider;
    private final Map<String, Grant> byGroup;

    /** Speaks to nobody yet. */
    LdapDirectory(LdapProperties properties) {
        byGroup = properties.byGroup();
        DefaultSpringSecurityContextSource source = new DefaultSpringSecurityContextSource(properties.url());
        if (properties.managerDn().isEmpty()) {
            source.setAnonymousReadOnly(true);
        } else {
            source.setUserDn(properties.managerDn());
            source.setPassword(properties.managerPassword());
        }
        source.setBaseEnvironmentProperties(TIMEOUTS);
        source.afterPropertiesSet();
        BindAuthenticator binds = new BindAuthenticator(source);
        if (properties.userDnPattern().isEmpty()) {
            binds.setUserSearch(
                    new FilterBasedLdapUserSearch(properties.userSearchBase(), properties.userSearchFilter(), source));
        } else {
            binds.setUserDnPatterns(new String[] {properties.userDnPattern()});
        }
        binds.afterPropertiesSet();
        DefaultLdapAuthoritiesPopulator groups =
                new DefaultLdapAuthoritiesPopulator(source, properties.groupSearchBase());
        groups.setGroupSearchFilter(properties.groupSearchFilter());
        groups.setGroupRoleAttribute(properties.groupAttribute());
        groups.setSearchSubtree(true);
        groups.setRolePrefix("");
        groups.setConvertToUpperCase(false);
        provider = new LdapAuthenticationProvider(binds, groups);
        provider.setHideUserNotFoundExceptions(true);
    }

    @Override
    public Optional<Login> logIn(String name, String password) {
        if (!Person.isName(name) || password.isEmpty()) {
            return Optional.empty();
        }
        Authentication known;
        try {
            known = provider.authenticate(UsernamePasswordAuthenticationToken.unauthenticated(name, password));
        } catch (AuthenticationServiceException away) {
            log.warn("The directory of the console does not answer: {}", away.getMessage());
            throw new AuthenticationServiceException("The directory (console.ldap.url) does not answer.", away);
        } catch (AuthenticationException wrong) {
            log.debug("The directory refuses a login", wrong);
            return Optional.empty();
        }
        List<Grant> grants = known.getAuthorities().stream()
                .map(group -> byGroup.get(group.getAuthority()))
                .filter(Objects::nonNull)
                .toList();
        return grants.isEmpty() ? Optional.empty() : Optional.of(new Login(name, Origin.LDAP, grants, "", ""));
    }
}
