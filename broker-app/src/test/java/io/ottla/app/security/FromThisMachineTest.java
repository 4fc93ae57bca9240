package io.ottla.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

class FromThisMachineTest {
    private static final Authentication NOBODY =
            new AnonymousAuthenticationToken("k", "nobody", AuthorityUtils.createAuthorityList("ANONYMOUS"));
    private static final Authentication SOMEBODY = UsernamePasswordAuthenticationToken.authenticated(
            "admin", null, AuthorityUtils.createAuthorityList("ADMIN"));

    @Test
    void shouldLetInWhoComesOverTheLoopbackAddress() {
        assertThat(isLetIn(false, NOBODY, request("127.0.0.1"))).isTrue();
        assertThat(isLetIn(false, NOBODY, request("0:0:0:0:0:0:0:1"))).isTrue();
    }

    @Test
    void shouldNotLetInOthersWithoutALogin() {
        assertThat(isLetIn(false, NOBODY, request("192.0.2.1"))).isFalse();
        assertThat(isLetIn(false, SOMEBODY, request("192.0.2.1"))).isTrue();
    }

    @Test
    void shouldNotTakeAProxyOnThisMachineForThisMachine() {
        // given
        MockHttpServletRequest forwarded = request("127.0.0.1");
        forwarded.addHeader("X-Forwarded-For", "127.0.0.1");

        // when, then
        assertThat(isLetIn(false, NOBODY, forwarded)).isFalse();
    }

    @Test
    void shouldLetEverybodyInWhereTheOperatorSaysSo() {
        assertThat(isLetIn(true, NOBODY, request("192.0.2.1"))).isTrue();
    }

    private static boolean isLetIn(boolean open, Authentication who, MockHttpServletRequest request) {
        return new FromThisMachine(open)
                .authorize(() -> who, new RequestAuthorizationContext(request))
                .isGranted();
    }

    private static MockHttpServletRequest request(String from) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(from);
        return request;
    }
}
