using Emqx.Broker.Messages;
namespace Emqx.Broker.Monitoring;
internal sealed class TempSys(IMessagePublisher p) : ISystemPublisher { public void Publish(Message message) => p.Publish(message); }
