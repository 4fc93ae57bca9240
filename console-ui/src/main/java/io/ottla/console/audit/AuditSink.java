package io.ottla.console.audit;

/** Where records of the trail go. Used by one thread. */
interface AuditSink extends AutoCloseable {
    /** Returns when it is kept. Throws where it is not, and is called with the same again. */
    void write(byte[] record) throws Exception;

    /** Nothing is to come for a while; the next {@link #write} opens it again. */
    @Override
    void close();
}
