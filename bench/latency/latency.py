"""`latency.py BOOTSTRAP TOPIC WARM_UP COUNT`: sends a record, waits until it is read; prints how long each took, ms."""

import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition

bootstrap, topic, warm_up, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "linger.ms": 0})
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"})
consumer.assign([TopicPartition(topic, 0, 0)])
value = bytes(100)

for i in range(warm_up + count):
    began = time.perf_counter()
    producer.produce(topic, value, partition=0)
    while True:
        message = consumer.poll(10)
        if message is None:
            sys.exit("The record did not come")
        if message.error() is None:
            break
    if i >= warm_up:
        print((time.perf_counter() - began) * 1000)
    producer.poll(0)
    time.sleep(0.005)
producer.flush()
