/** The Apache Kafka release whose behaviour built-in converters, transformations and predicates have. */
export const KAFKA_VERSION = '4.3.1';
