import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Kafka's own classes at the other end of a pipe: a command a line in, an answer a line out. Run from source with
 * Kafka's jars on the class path.
 */
public class ProtocolPeer {
    static final HexFormat HEX = HexFormat.of();

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = answer(line.split(" ", -1));
            } catch (Throwable error) {
                answer = "failed " + error;
            }
            out.println(answer.replace('\n', ' '));
        }
        out.flush();
    }

    static String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "errors":
                return errors();
            case "request":
            case "response": {
                ApiMessageType type = ApiMessageType.fromApiKey(Short.parseShort(words[1]));
                ApiMessage message = words[0].equals("request") ? type.newRequest() : type.newResponse();
                return again(message, Short.parseShort(words[2]), HEX.parseHex(words[3]));
            }
            case "message": {
                Message message = (Message) Class.forName(words[1]).getDeclaredConstructor().newInstance();
                return again(message, Short.parseShort(words[2]), HEX.parseHex(words[3]));
            }
            case "read":
                return read(HEX.parseHex(words[1]));
            case "compress":
                return compress(CompressionType.forName(words[1]), HEX.parseHex(words[2]));
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    /** Reads a message and writes it again. */
    static String again(Message message, short version, byte[] bytes) {
        ByteBufferAccessor accessor = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
        message.read(accessor, version);
        if (accessor.remaining() > 0) return "failed: " + accessor.remaining() + " bytes are left";
        ByteBuffer written = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] result = new byte[written.remaining()];
        written.get(result);
        return HEX.formatHex(result);
    }

    static String errors() {
        List<String> rows = new ArrayList<>();
        for (Errors each : Errors.values()) {
            String name = each.exception() == null ? "" : each.exception().getClass().getName();
            rows.add(each.name() + "," + each.code() + "," + name + "," + (each.exception() instanceof RetriableException));
        }
        return String.join(" ", rows);
    }

    static String hex(ByteBuffer buffer) {
        if (buffer == null) return "null";
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HEX.formatHex(bytes);
    }

    /** Every batch with its header, every record with its content. */
    static String read(byte[] bytes) {
        List<String> lines = new ArrayList<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            lines.add(String.join(",", "batch", "" + batch.baseOffset(), "" + batch.lastOffset(), batch.compressionType().name,
                batch.timestampType().name, "" + batch.maxTimestamp(), "" + batch.producerId(), "" + batch.producerEpoch(),
                "" + batch.baseSequence(), "" + batch.lastSequence(), "" + batch.isTransactional(), "" + batch.isControlBatch(),
                "" + batch.partitionLeaderEpoch(), "" + batch.countOrNull(), "" + batch.sizeInBytes()));
            for (Record record : batch) {
                record.ensureValid();
                List<String> parts = new ArrayList<>(List.of("record", "" + record.offset(), "" + record.timestamp(),
                    hex(record.key()), hex(record.value())));
                for (Header header : record.headers()) {
                    parts.add(HEX.formatHex(header.key().getBytes(StandardCharsets.UTF_8)));
                    parts.add(header.value() == null ? "null" : HEX.formatHex(header.value()));
                }
                lines.add(String.join(",", parts));
            }
        }
        return String.join(" ", lines);
    }

    /** The same records in one batch that Kafka's producer would have written. */
    static String compress(CompressionType type, byte[] bytes) {
        List<SimpleRecord> records = new ArrayList<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches())
            for (Record record : batch) records.add(new SimpleRecord(record));
        return hex(MemoryRecords.withRecords(Compression.of(type).build(), records.toArray(new SimpleRecord[0])).buffer());
    }
}
