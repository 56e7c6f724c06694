"""What the portal's APIs share: problem answers, limits, and the OpenAPI document."""
