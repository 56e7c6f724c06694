"""How web addresses are read: their spelling, the marketplace they are on, the shop they belong to."""
