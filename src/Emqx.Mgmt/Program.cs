using Emqx.Broker.Node;
using Emqx.Mgmt.Api;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(services => new NodeIdentity("emqx@127.0.0.1", services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(), ":memory:"));
builder.Services.AddManagementApi();
var app = builder.Build();
app.MapManagementApi();
app.Run();
