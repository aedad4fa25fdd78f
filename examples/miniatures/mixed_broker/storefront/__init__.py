"""The storefront: takes orders and writes to customers. It speaks to RabbitMQ through aio-pika."""
