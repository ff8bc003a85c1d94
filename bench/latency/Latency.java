import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** `Latency BOOTSTRAP TOPIC WARM_UP COUNT`: sends a record, waits until it is read; prints how long each took, ms. */
public final class Latency {
  public static void main(String[] args) throws Exception {
    String topic = args[1];
    int warmUp = Integer.parseInt(args[2]);
    int count = Integer.parseInt(args[3]);
    Map<String, Object> config = Map.of("bootstrap.servers", args[0], "acks", "all", "linger.ms", "0");
    var bytes = new ByteArraySerializer();
    var read = new ByteArrayDeserializer();
    try (var producer = new KafkaProducer<byte[], byte[]>(config, bytes, bytes);
        var consumer = new KafkaConsumer<byte[], byte[]>(Map.of("bootstrap.servers", args[0]), read, read)) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      for (int i = 0; i < warmUp + count; i++) {
        long began = System.nanoTime();
        producer.send(new ProducerRecord<>(topic, 0, null, new byte[100]));
        while (consumer.poll(Duration.ofSeconds(10)).isEmpty()) {}
        if (i >= warmUp) System.out.println((System.nanoTime() - began) / 1e6);
        Thread.sleep(5);
      }
    }
  }
}
