"""The warehouse: stock, payments and parcels. It speaks to RabbitMQ through FastStream."""
