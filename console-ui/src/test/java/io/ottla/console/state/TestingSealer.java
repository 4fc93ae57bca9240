package io.ottla.console.state;

/** Turns texts around, behind a name of the key. */
public final class TestingSealer implements Sealer {
    /** Null for none. */
    public volatile String key = "k1";

    /** The one before; null for none. */
    public volatile String oldKey;

    @Override
    public boolean canSeal() {
        return key != null;
    }

    @Override
    public String seal(String text) {
        return key + ":" + turned(text);
    }

    @Override
    public Opened open(String sealed) {
        for (String each : new String[] {key, oldKey}) {
            if (each != null && sealed.startsWith(each + ":")) {
                return new Opened.Text(turned(sealed.substring(each.length() + 1)), !each.equals(key));
            }
        }
        return new Opened.Closed("it is encrypted by another key");
    }

    private static String turned(String text) {
        return new StringBuilder(text).reverse().toString();
    }
}
